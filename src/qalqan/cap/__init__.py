"""The Common Alerting Protocol 1.2: model, read, write, validate, sign, chain, feed."""
