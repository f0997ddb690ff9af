"""SDK for authors of components, providers and tier programs. Light at import: pulumi loads with the component."""
