"""Liveness, readiness, metrics and the HTTP trigger: what a program may ask the service."""
