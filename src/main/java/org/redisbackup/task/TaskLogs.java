package org.redisbackup.task;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/** The logs of tasks in the state Redis: each tells the story of one import. */
public final class TaskLogs {
    /** Lines of a task at most; the oldest go first. */
    static final int MAX_LINES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(TaskLogs.class);

    private final UnifiedJedis redis;

    public TaskLogs(UnifiedJedis redis) {
        this.redis = redis;
    }

    /**
     * Adds a line. One that can't be kept is only logged by the service: it must not end an import.
     *
     * @param message with a {@code %s} for each keyword, in this order
     */
    void write(String id, TaskEvent event, String message, Object... keywords) {
        TaskLog line = TaskLog.of(event, message, keywords);
        try (AbstractTransaction all = redis.multi()) {
            all.rpush(StateKeys.log(id), StateJson.write(line));
            all.ltrim(StateKeys.log(id), -MAX_LINES, -1);
            all.exec();
        } catch (JedisException e) {
            LOG.warn("Task {}: the state Redis did not take \"{}\": {}", id, line.message(), e.getMessage());
        }
    }

    /**
     * Some lines, oldest first.
     *
     * @param level only lines of this level; null for all
     */
    LogPage page(String id, TaskEvent.Level level, int offset, int limit) {
        if (level == null) {
            long total = redis.llen(StateKeys.log(id));
            return new LogPage((int) total, read(id, offset, (long) offset + limit - 1));
        }
        List<TaskLog> all =
                read(id, 0, -1).stream().filter(line -> line.level() == level).toList();
        return new LogPage(all.size(), all.stream().skip(offset).limit(limit).toList());
    }

    private List<TaskLog> read(String id, long first, long last) {
        return redis.lrange(StateKeys.log(id), first, last).stream()
                .map(text -> StateJson.read(text, TaskLog.class))
                .toList();
    }
}
