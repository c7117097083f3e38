"""Indicators of performance: funnel plots, control charts, shrinkage of small numbers, trend."""
