"""Room: conferences with other bodies."""
