"""Sending alerts: an asyncio engine that loses nothing, lets no target delay another, and
keeps its memory bounded. It knows the database only through `store`.
"""
