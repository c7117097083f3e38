"""Messages as text: normalising, Kazakh scripts, language, suffixes."""
