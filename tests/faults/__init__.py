"""What goes wrong outside our code: processes die, disks fill, lines break, clocks jump; nothing may be lost by it."""
