"""How far the words of a random address reach (`skyshield.core.streams`): vectors, replications and days of a study."""

PARAMETERS = 0xFFFF  # the replication that a vector's own parameters use
MAX_VECTORS = 1 << 16
MAX_REPLICATIONS = 0xFFFF
MAX_DAYS = 1 << 16
