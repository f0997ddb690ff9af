"""What the platform does, a verb a file. Operations speak to the engine through the Protocols of `ports`."""
