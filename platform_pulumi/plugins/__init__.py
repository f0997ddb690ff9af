"""Our own provider servers (plugins), in a process of their own: simulator, embedded plugins, package `platform`."""
