def look():
    return machine.memory.read("evnt")


look()
