package org.redisbackup.task;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;

/**
 * Tasks and their progress in the state Redis, {@link StateKeys}. Several instances of the service may share it: what
 * two of them could do at once happens in a {@link StateScript}.
 *
 * <p>Every method throws {@link redis.clients.jedis.exceptions.JedisException} when the state Redis does not answer.
 */
public final class TaskStore {
    private final UnifiedJedis redis;
    private final TaskPaces paces;
    private final TargetIndexes indexes;

    public TaskStore(UnifiedJedis redis) {
        this.redis = redis;
        paces = new TaskPaces(redis);
        indexes = new TargetIndexes(redis);
    }

    /**
     * Keeps a new task as {@link TaskStatus#MIGRATING}.
     *
     * @param address of its target, {@code host:port}
     * @param owner the service instance that runs it
     * @param password sealed, empty when there is one that can't be kept, null when there is none
     * @throws TaskExistsException when there is a task of this id already
     * @throws TaskLimitException when too many tasks have not finished
     */
    void add(ImportTask task, String address, String owner, String password, TaskLimits limits) {
        List<String> keys = List.of(
                StateKeys.task(task.id()),
                StateKeys.tasks(task.project()),
                StateKeys.names(task.project()),
                StateKeys.SEQUENCE,
                StateKeys.UNFINISHED,
                StateKeys.unfinishedOfTarget(address),
                StateKeys.unfinishedOfProject(task.project()));
        List<String> args = new ArrayList<>(List.of(
                task.id(),
                task.name(),
                task.created().toString(),
                StateJson.write(task),
                owner,
                Integer.toString(limits.perTarget()),
                Integer.toString(limits.perProject()),
                Integer.toString(limits.all())));
        if (password != null) {
            args.add(password);
        }
        Object exceeded = StateScript.ADD.run(redis, keys, args);
        if ("EXISTS".equals(exceeded)) {
            throw new TaskExistsException(task.id());
        }
        if (exceeded != null) {
            throw limits.exceeded(TaskLimitException.Limit.valueOf(exceeded.toString()), task, address);
        }
    }

    TaskPaces paces() {
        return paces;
    }

    TargetIndexes indexes() {
        return indexes;
    }

    Optional<TaskState> find(String id) {
        return state(redis.hgetAll(StateKeys.task(id)));
    }

    private static Optional<TaskState> state(Map<String, String> fields) {
        if (!fields.containsKey("task")) {
            return Optional.empty();
        }
        return Optional.of(new TaskState(
                StateJson.read(fields.get("task"), ImportTask.class),
                TaskStatus.valueOf(fields.get("status")),
                Instant.parse(fields.get("updated")),
                fields.containsKey("released") ? Instant.parse(fields.get("released")) : null,
                fields.get("error")));
    }

    /** As {@link TaskService#list}. */
    TaskPage page(String project, String name, int offset, int limit) {
        if (name == null || name.isEmpty()) {
            long total = redis.zcard(StateKeys.tasks(project));
            return new TaskPage(
                    (int) total, states(redis.zrevrange(StateKeys.tasks(project), offset, (long) offset + limit - 1)));
        }
        List<String> matching = newestFirst(project, name);
        return new TaskPage(
                matching.size(),
                states(matching.stream().skip(offset).limit(limit).toList()));
    }

    private List<String> newestFirst(String project, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        Map<String, String> names = redis.hgetAll(StateKeys.names(project));
        return redis.zrevrange(StateKeys.tasks(project), 0, -1).stream()
                .filter(id ->
                        names.getOrDefault(id, "").toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    private List<TaskState> states(List<String> ids) {
        List<Response<Map<String, String>>> answers = new ArrayList<>();
        try (AbstractPipeline pipeline = redis.pipelined()) {
            ids.forEach(id -> answers.add(pipeline.hgetAll(StateKeys.task(id))));
        }
        return answers.stream()
                .map(answer -> state(answer.get()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** How many tasks into the target have not finished. */
    long unfinishedOf(String address) {
        return redis.scard(StateKeys.unfinishedOfTarget(address));
    }

    /** Whether not more than one task into the target has not finished. */
    boolean isAlone(String address) {
        return unfinishedOf(address) <= 1;
    }

    /** The password of the task's request: sealed, empty when it was not kept, null when there was none. */
    String password(String id) {
        return redis.hget(StateKeys.task(id), "password");
    }

    /**
     * A task that is {@link TaskStatus#MIGRATING} becomes {@link TaskStatus#TERMINATING}.
     *
     * @return whether it does
     */
    boolean requestStop(String id, Instant when) {
        return StateScript.STOP
                .run(redis, List.of(StateKeys.task(id), StateKeys.STOPPING), List.of(id, when.toString()))
                .equals(1L);
    }

    /** Ids of the tasks that are {@link TaskStatus#TERMINATING}. */
    Set<String> stopping() {
        return redis.smembers(StateKeys.STOPPING);
    }

    /**
     * Ends a task, and its log. One that is {@link TaskStatus#TERMINATING} ends as {@link TaskStatus#TERMINATED}.
     *
     * @param last what the log says at the end, unless the task was to be stopped
     * @param error for {@link TaskStatus#FAILED}, else null
     * @return how it ended; empty when it had ended before or another instance owns it
     */
    Optional<TaskStatus> finish(String id, String owner, TaskStatus status, TaskLog last, String error, Instant when) {
        TaskLog stopped = TaskLog.of(TaskEvent.STOPPED, "Stopped; keys delivered until then are on the target");
        List<String> args = new ArrayList<>(
                List.of(id, owner, status.name(), when.toString(), StateJson.write(last), StateJson.write(stopped)));
        if (error != null) {
            args.add(error);
        }
        Object end = StateScript.FINISH.run(
                redis,
                List.of(
                        StateKeys.task(id),
                        StateKeys.UNFINISHED,
                        StateKeys.STOPPING,
                        StateKeys.checkpoints(id),
                        StateKeys.log(id)),
                args);
        return Optional.ofNullable(end).map(Object::toString).map(TaskStatus::valueOf);
    }

    /**
     * Keeps how far the files of a task are, unless another instance has taken it over.
     *
     * @param files by URI
     * @param checkpoints of some of them
     * @param beyond whether more is done than at the checkpoints before
     * @return whether none has
     */
    boolean saveFiles(
            String id,
            String owner,
            Map<String, FileSnapshot> files,
            Collection<FileCheckpoint> checkpoints,
            boolean beyond) {
        if (files.isEmpty() && checkpoints.isEmpty()) {
            return true;
        }
        List<String> args = new ArrayList<>(List.of(owner, beyond ? "1" : "0", Integer.toString(2 * files.size())));
        files.forEach((uri, snapshot) -> args.addAll(List.of(uri, StateJson.write(snapshot))));
        checkpoints.forEach(each -> args.addAll(List.of(each.file().uri(), StateJson.write(each))));
        List<String> keys = List.of(StateKeys.task(id), StateKeys.files(id), StateKeys.checkpoints(id));
        return StateScript.SAVE.run(redis, keys, args).equals(1L);
    }

    /** Of the files that were found for an unfinished task, sorted by URI; none when they were not found yet. */
    List<FileCheckpoint> checkpoints(String id) {
        return redis.hgetAll(StateKeys.checkpoints(id)).values().stream()
                .map(text -> StateJson.read(text, FileCheckpoint.class))
                .sorted(Comparator.comparing(checkpoint -> checkpoint.file().uri()))
                .toList();
    }

    /** An attempt at the import begins: it is in vain until a checkpoint says otherwise. */
    void begin(String id) {
        redis.hincrBy(StateKeys.task(id), "vain", 1);
    }

    /** Attempts in a row that began and ended without any progress. */
    int attemptsInVain(String id) {
        String count = redis.hget(StateKeys.task(id), "vain");
        return count == null ? 0 : Integer.parseInt(count);
    }

    /** Why failures are missing in the ledger of a task, as one sentence; the first reason is kept. */
    void saveLedgerProblem(String id, String problem) {
        redis.hsetnx(StateKeys.task(id), "ledger_problem", problem);
    }

    /** Why failures are missing in the ledger of a task, or null when none are. */
    String ledgerProblem(String id) {
        return redis.hget(StateKeys.task(id), "ledger_problem");
    }

    void saveReport(String id, FileReport report) {
        redis.hset(StateKeys.reports(id), report.file(), StateJson.write(report));
    }

    /** What a dry run found, sorted by file. */
    List<FileReport> reports(String id) {
        return redis.hgetAll(StateKeys.reports(id)).values().stream()
                .map(text -> StateJson.read(text, FileReport.class))
                .sorted(Comparator.comparing(FileReport::file))
                .toList();
    }

    Collection<FileSnapshot> files(String id) {
        return filesByName(id).values();
    }

    /** By {@code s3://bucket/key}. */
    SortedMap<String, FileSnapshot> filesByName(String id) {
        SortedMap<String, FileSnapshot> files = new TreeMap<>();
        redis.hgetAll(StateKeys.files(id))
                .forEach((uri, text) -> files.put(uri, StateJson.read(text, FileSnapshot.class)));
        return files;
    }

    /**
     * Says that a service instance lives; it counts as dead when it does not say so again within {@code lease}.
     *
     * @param running ids of the tasks that it runs
     * @return those of them that another instance has taken over
     */
    Set<String> renewLease(String owner, Duration lease, Collection<String> running) {
        List<String> keys = Stream.concat(
                        Stream.of(StateKeys.owner(owner)), running.stream().map(StateKeys::task))
                .toList();
        Object lost = StateScript.RENEW.run(redis, keys, List.of(owner, Long.toString(lease.toMillis())));
        return ((List<?>) lost)
                .stream().map(key -> StateKeys.idOf(key.toString())).collect(Collectors.toSet());
    }

    /** The service instance ends: others may take its tasks over at once. */
    void endLease(String owner) {
        redis.del(StateKeys.owner(owner));
    }

    /** Of the tasks that have not finished: the service instance that runs it, by task id. */
    Map<String, String> unfinished() {
        Map<String, Response<String>> owners = new HashMap<>();
        Set<String> ids = redis.smembers(StateKeys.UNFINISHED);
        try (AbstractPipeline pipeline = redis.pipelined()) {
            ids.forEach(id -> owners.put(id, pipeline.hget(StateKeys.task(id), "owner")));
        }
        return owners.entrySet().stream()
                .filter(entry -> entry.getValue().get() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get()));
    }

    /** Which attempt at the import runs, from 1 up; 0 when there is no such task. */
    int attempt(String id) {
        String attempt = redis.hget(StateKeys.task(id), "attempt");
        return attempt == null ? 0 : Integer.parseInt(attempt);
    }

    /**
     * Makes a task of a dead service instance one of another, or begins one of the same instance again.
     *
     * @return which attempt at the import begins, from 2 up; 0 when another old owner lives or has the task no more
     */
    int claim(String id, String oldOwner, String newOwner) {
        Object attempt = StateScript.CLAIM.run(
                redis,
                List.of(StateKeys.task(id), StateKeys.UNFINISHED, StateKeys.owner(oldOwner)),
                List.of(id, oldOwner, newOwner));
        return ((Long) attempt).intValue();
    }

    /** As {@link TaskService#delete}. */
    boolean delete(String project, Collection<String> ids) {
        List<String> each = List.copyOf(new HashSet<>(ids));
        List<String> keys =
                new ArrayList<>(List.of(StateKeys.tasks(project), StateKeys.names(project), StateKeys.UNFINISHED));
        each.forEach(id -> keys.addAll(List.of(
                StateKeys.task(id),
                StateKeys.files(id),
                StateKeys.checkpoints(id),
                StateKeys.reports(id),
                StateKeys.log(id))));
        return StateScript.DELETE.run(redis, keys, each).equals(1L);
    }
}
