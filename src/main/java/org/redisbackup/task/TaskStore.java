package org.redisbackup.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Tasks, their progress and their logs in Redis: the only class that knows the keys there.
 *
 * <pre>
 * redisbackup:task:ID            hash    task (JSON), status, updated, released, error, owner
 * redisbackup:task:ID:files      hash    s3://bucket/key -> {@link FileSnapshot} (JSON)
 * redisbackup:task:ID:log        list    {@link TaskLog} (JSON), oldest first, the last {@value #MAX_LOG_LINES}
 * redisbackup:project:P:tasks    zset    task id by creation order
 * redisbackup:project:P:names    hash    task id -> task name
 * redisbackup:unfinished         set     ids of the tasks that have not finished
 * redisbackup:owner:O            string  exists while the service instance O lives
 * redisbackup:schedule:S         string  {@link ScheduleMemory} (JSON)
 * redisbackup:sequence           counter of tasks
 * </pre>
 *
 * <p>Every method throws {@link redis.clients.jedis.exceptions.JedisException} when the state Redis does not answer.
 */
public final class TaskStore implements AutoCloseable {
    static final int MAX_LOG_LINES = 1000;

    private static final String PREFIX = "redisbackup:";
    private static final String UNFINISHED = PREFIX + "unfinished";

    private final UnifiedJedis redis;
    private final ObjectMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // a newer version may have written it
            .build();

    /** @param redis closed with this store */
    public TaskStore(UnifiedJedis redis) {
        this.redis = redis;
    }

    /** Keeps a new task as {@link TaskStatus#MIGRATING}, on behalf of the service instance {@code owner}. */
    void add(ImportTask task, String owner) {
        long order = redis.incr(PREFIX + "sequence");
        try (AbstractTransaction all = redis.multi()) {
            String created = task.created().toString();
            all.hset(
                    taskKey(task.id()),
                    Map.of(
                            "task",
                            write(task),
                            "status",
                            TaskStatus.MIGRATING.name(),
                            "updated",
                            created,
                            "owner",
                            owner));
            all.zadd(tasksKey(task.project()), (double) order, task.id());
            all.hset(namesKey(task.project()), task.id(), task.name());
            all.sadd(UNFINISHED, task.id());
            all.exec();
        }
    }

    Optional<TaskState> find(String id) {
        Map<String, String> fields = redis.hgetAll(taskKey(id));
        return fields.isEmpty() ? Optional.empty() : Optional.of(state(fields));
    }

    private TaskState state(Map<String, String> fields) {
        return new TaskState(
                read(fields.get("task"), ImportTask.class),
                TaskStatus.valueOf(fields.get("status")),
                Instant.parse(fields.get("updated")),
                fields.containsKey("released") ? Instant.parse(fields.get("released")) : null,
                fields.get("error"));
    }

    /**
     * Ids of a project's tasks, newest first.
     *
     * @param name only those whose name contains it, whatever the case; null for all
     */
    List<String> ids(String project, String name) {
        List<String> newestFirst = redis.zrevrange(tasksKey(project), 0, -1);
        if (name == null || name.isEmpty()) {
            return newestFirst;
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        Map<String, String> names = redis.hgetAll(namesKey(project));
        return newestFirst.stream()
                .filter(id ->
                        names.getOrDefault(id, "").toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    /** The task has finished. */
    void finish(String id, TaskStatus status, String error, Instant when) {
        try (AbstractTransaction all = redis.multi()) {
            all.hset(
                    taskKey(id),
                    Map.of("status", status.name(), "updated", when.toString(), "released", when.toString()));
            if (error == null) {
                all.hdel(taskKey(id), "error");
            } else {
                all.hset(taskKey(id), "error", error);
            }
            all.srem(UNFINISHED, id);
            all.exec();
        }
    }

    void saveFiles(String id, Map<String, FileSnapshot> files) {
        if (!files.isEmpty()) {
            redis.hset(
                    filesKey(id),
                    files.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> write(e.getValue()))));
        }
    }

    Collection<FileSnapshot> files(String id) {
        return redis.hgetAll(filesKey(id)).values().stream()
                .map(text -> read(text, FileSnapshot.class))
                .toList();
    }

    void log(String id, TaskLog line) {
        try (AbstractTransaction all = redis.multi()) {
            all.rpush(logKey(id), write(line));
            all.ltrim(logKey(id), -MAX_LOG_LINES, -1);
            all.exec();
        }
    }

    /** The task's log, oldest line first. */
    public List<TaskLog> logs(String id) {
        return redis.lrange(logKey(id), 0, -1).stream()
                .map(text -> read(text, TaskLog.class))
                .toList();
    }

    /** Says that the service instance lives; it counts as dead when it does not say so again within {@code lease}. */
    void renewLease(String owner, Duration lease) {
        redis.set(PREFIX + "owner:" + owner, "alive", SetParams.setParams().px(lease.toMillis()));
    }

    /** Of the tasks that have not finished: the service instance that runs it, by task id. */
    Map<String, String> unfinished() {
        return redis.smembers(UNFINISHED).stream().collect(Collectors.toMap(id -> id, id -> ownerOf(id)));
    }

    private String ownerOf(String id) {
        String owner = redis.hget(taskKey(id), "owner");
        return owner == null ? "" : owner;
    }

    /** Whether the service instance has said lately that it lives. */
    boolean isAlive(String owner) {
        return redis.exists(PREFIX + "owner:" + owner);
    }

    Optional<ScheduleMemory> schedule(String name) {
        return Optional.ofNullable(redis.get(PREFIX + "schedule:" + name))
                .map(text -> read(text, ScheduleMemory.class));
    }

    void remember(String schedule, ScheduleMemory memory) {
        redis.set(PREFIX + "schedule:" + schedule, write(memory));
    }

    private static String taskKey(String id) {
        return PREFIX + "task:" + id;
    }

    private static String filesKey(String id) {
        return taskKey(id) + ":files";
    }

    private static String logKey(String id) {
        return taskKey(id) + ":log";
    }

    private static String tasksKey(String project) {
        return PREFIX + "project:" + project + ":tasks";
    }

    private static String namesKey(String project) {
        return PREFIX + "project:" + project + ":names";
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("can't write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the state Redis holds what this version can't read as " + type.getSimpleName(), e);
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
