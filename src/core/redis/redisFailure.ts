/** The server said no, or could not be reached. `message` is what it said. */
export class RedisFailure extends Error {}

/** The server answered, and said no. */
export class RedisRefusal extends RedisFailure {}

/** A reply was not what the command promises: the other side is no Redis. */
export class UnexpectedReply extends RedisRefusal {}
