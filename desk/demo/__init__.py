"""A believable demonstration: two firms' worth of people, two brokers, the exchange, three engagements at three stages.

Everything is done through the product's own verbs, so its trail is a real one.
"""
