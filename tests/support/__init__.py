"""What tests stand on: databases, a cast, a page client that checks, a real server that can be killed."""
