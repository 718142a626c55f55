package org.redisbackup.task;

import java.util.Collection;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;

/**
 * Which index of keys tells what each target holds, in the state Redis: it holds good as long as no import begins that
 * does not go by it.
 */
final class TargetIndexes {
    private final UnifiedJedis redis;

    TargetIndexes(UnifiedJedis redis) {
        this.redis = redis;
    }

    /** Which index tells what the target holds; null when none does. */
    TargetIndex of(String address) {
        String text = redis.hget(StateKeys.INDEXES, address);
        return text == null ? null : StateJson.read(text, TargetIndex.class);
    }

    /** Of all targets. */
    Collection<TargetIndex> all() {
        return redis.hvals(StateKeys.INDEXES).stream()
                .map(text -> StateJson.read(text, TargetIndex.class))
                .toList();
    }

    /** An import begins that is to end with an index; until then, this holds. */
    void begin(String address, TargetIndex index) {
        redis.hset(StateKeys.INDEXES, address, StateJson.write(index));
    }

    /** Whether no other import into the target has begun since this run did. */
    boolean isHeld(String address, String session) {
        TargetIndex index = of(address);
        return index != null && session.equals(index.holder());
    }

    /**
     * From now on this index tells what the target holds.
     *
     * @return whether it does: not when another import has begun since
     */
    boolean keep(String address, String session, TargetIndex index) {
        return StateScript.KEEP_INDEX
                .run(redis, List.of(StateKeys.INDEXES), List.of(address, session, StateJson.write(index)))
                .equals(1L);
    }

    /** The target gets, or has got, keys that no index knows of. */
    void drop(String address) {
        redis.hdel(StateKeys.INDEXES, address);
    }
}
