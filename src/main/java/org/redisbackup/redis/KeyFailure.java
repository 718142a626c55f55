package org.redisbackup.redis;

import java.io.Serializable;

/**
 * One key that did not reach the target, and why.
 *
 * @param outcome {@link KeyOutcome#UNSUPPORTED} or {@link KeyOutcome#FAILED}
 * @param db database number in the backup
 * @param key the key with bytes outside printable ASCII escaped as {@code \\xhh}, cut after 256 characters
 * @param type the value type's name
 * @param offset bytes from the start of the RDB stream to the record
 * @param reason one sentence
 */
public record KeyFailure(KeyOutcome outcome, int db, String key, String type, long offset, String reason)
        implements Serializable {}
