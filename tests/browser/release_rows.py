"""Published and refused counts for the browser: those of the sample desk."""

from tests.support.factories import NOW


def seed() -> None:
    from qalqan.cli.sample_releases import publish_sample_counts

    publish_sample_counts(NOW)
