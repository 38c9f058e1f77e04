"""The desk: what people may do with the store. Each action is allowed or refused, done, and written down."""
