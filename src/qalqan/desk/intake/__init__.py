"""Messages on their way into the desk."""
