"""Operations of the platform, a module for each verb. They speak to the engine through the Protocols of `ports`."""
