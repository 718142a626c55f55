package org.redisbackup.redis;

import org.redisbackup.rdb.Loss;

/**
 * What happens to a key of which something can't be kept on the target, when that is more than {@link
 * Loss#isNegligible negligible}.
 */
public enum LossPolicy {
    /** It is imported without; counted among the losses. */
    KEEP,
    /** It is left out; counted as unsupported. */
    DROP,
    /** It is left out; counted as failed. */
    FAIL
}
