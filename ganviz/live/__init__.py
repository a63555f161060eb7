"""The trainer on its own thread: a queue of commands down, a mailbox with the latest run up."""
