"""Our own provider servers, in a process of their own: the simulator of any package, `mock`, `platform` (Password)."""
