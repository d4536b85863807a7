"""Plays the scripts (.scs) with which Prosody tests itself: who sends what, and what is to be received for that."""
