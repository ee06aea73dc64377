"""Strangers' files become pictures of pages: a program of its own, run with limits, that knows no settings, no database
and no secrets (see foundation/files/sandbox.py, which starts it).
"""
