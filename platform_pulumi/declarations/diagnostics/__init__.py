"""Problems of documents: their codes, how they are gathered and raised, and lines shown without secrets."""
