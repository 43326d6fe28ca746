"""Journeys by road, from OpenStreetMap's roads on this computer or from an OSRM server."""
