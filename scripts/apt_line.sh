#!/bin/sh
# Prints the line that installs packages of Debian and Ubuntu, for who is logged in here: su where there is no sudo.
line="apt-get install -y --no-install-recommends $*"
if [ "$(id -u)" = 0 ]; then
    echo "apt-get update && $line"
elif command -v sudo >/dev/null 2>&1; then
    echo "sudo apt-get update && sudo $line"
else
    echo "su -c \"apt-get update && $line\""
fi
