package org.redisbackup.task;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;

/**
 * How fast tasks may go and whether they pause, in the state Redis: by that way the limits of a task change whichever
 * instance of the service is asked, and every instance can tell whether it pauses.
 */
final class TaskPaces {
    private static final String KEYS = "max_keys_per_second";
    private static final String BYTES = "max_bytes_per_second";
    private static final String LATENCY = "max_latency_ms";
    private static final String PAUSED = "paused";

    private final UnifiedJedis redis;

    TaskPaces(UnifiedJedis redis) {
        this.redis = redis;
    }

    /**
     * Changes the limits of a task that is {@link TaskStatus#MIGRATING}.
     *
     * @return whether it is
     */
    boolean limit(String id, LimitChange change) {
        List<String> fields = new ArrayList<>();
        if (change.maxKeysPerSecond() != null) {
            fields.addAll(List.of(KEYS, change.maxKeysPerSecond().toString()));
        }
        if (change.maxBytesPerSecond() != null) {
            fields.addAll(List.of(BYTES, change.maxBytesPerSecond().toString()));
        }
        if (change.maxLatencyMs() != null) {
            fields.addAll(List.of(LATENCY, change.maxLatencyMs().toString()));
        }
        return StateScript.LIMIT.run(redis, List.of(StateKeys.task(id)), fields).equals(1L);
    }

    /** Gives a run the limits that were set for its task, and says whether it pauses; to be called every second. */
    void exchange(ImportRun run, String owner) {
        String paused = run.pace().paused();
        List<String> args = paused == null ? List.of(owner) : List.of(owner, paused);
        List<?> limits = (List<?>)
                StateScript.PACE.run(redis, List.of(StateKeys.task(run.task().id())), args);
        if (limits != null) {
            LimitChange change = new LimitChange(number(limits.get(0)), number(limits.get(1)), number(limits.get(2)));
            run.pace().limit(change.applyTo(run.task().options().limits()));
        }
    }

    private static Long number(Object text) {
        return text == null ? null : Long.valueOf(text.toString());
    }

    /** Why the task pauses, or null. */
    String paused(TaskState state) {
        return state.status() == TaskStatus.MIGRATING
                ? redis.hget(StateKeys.task(state.task().id()), PAUSED)
                : null;
    }
}
