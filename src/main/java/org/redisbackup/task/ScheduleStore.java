package org.redisbackup.task;

import java.util.Optional;
import redis.clients.jedis.UnifiedJedis;

/** What schedules did last, in the state Redis. */
public final class ScheduleStore {
    private final UnifiedJedis redis;

    public ScheduleStore(UnifiedJedis redis) {
        this.redis = redis;
    }

    Optional<ScheduleMemory> last(String schedule) {
        return Optional.ofNullable(redis.get(StateKeys.schedule(schedule)))
                .map(text -> StateJson.read(text, ScheduleMemory.class));
    }

    void remember(String schedule, ScheduleMemory memory) {
        redis.set(StateKeys.schedule(schedule), StateJson.write(memory));
    }
}
