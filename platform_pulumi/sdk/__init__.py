"""What authors of components, providers and tier programs import. Light at import: pulumi loads with the component."""
