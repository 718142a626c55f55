package org.redisbackup.task;

import java.util.Locale;

/**
 * The keys of the state Redis.
 *
 * <pre>
 * redisbackup:task:ID             hash    task (JSON), status, updated, released, error, owner, attempt; until it has
 *                                         finished also password (sealed), the names of the two sets it counts in, and
 *                                         vain: attempts that began and brought nothing, in a row; maybe
 *                                         max_keys_per_second, max_bytes_per_second and max_latency_ms, as changed while it ran, and
 *                                         paused: why it pauses, and ledger_problem: why its ledger is not complete
 * redisbackup:task:ID:files       hash    s3://bucket/key -> {@link FileSnapshot} (JSON)
 * redisbackup:task:ID:checkpoints hash    s3://bucket/key -> {@link FileCheckpoint} (JSON), until it has finished
 * redisbackup:task:ID:reports     hash    s3://bucket/key -> {@link FileReport} (JSON) of a dry run
 * redisbackup:task:ID:log         list    {@link TaskLog} (JSON), oldest first
 * redisbackup:project:P:tasks     zset    task id by creation order
 * redisbackup:project:P:names     hash    task id -> task name
 * redisbackup:project:P:unfinished, redisbackup:target:HOST:PORT:unfinished, redisbackup:unfinished
 *                                 set     ids of the tasks that have not finished
 * redisbackup:stopping            set     of them, those that are to be stopped
 * redisbackup:owner:O             string  exists while the service instance O lives
 * redisbackup:instance:I:forgotten
 *                                 set     ids of the backups that were deleted
 * redisbackup:instance:I:imported hash    s3://bucket/key -> ETag of the version that a schedule imported last
 * redisbackup:schedules           hash    PROJECT:NAME -> schedule that a client created (JSON)
 * redisbackup:schedule:PROJECT:NAME
 *                                 hash    where it stands: clockwork, fired, waiting, woken, paused, last_run,
 *                                         last_task, last_result, last_message; while a run begins also claimed and owner
 * redisbackup:scheduled           hash    task id -> task of a schedule whose end was not seen yet (JSON)
 * redisbackup:scheduler:O         string  exists while the service instance O looks after schedules
 * redisbackup:indexes             hash    HOST:PORT of a target -> {@link TargetIndex} (JSON)
 * redisbackup:sequence            counter of tasks
 * </pre>
 */
public final class StateKeys {
    private static final String PREFIX = "redisbackup:";
    private static final String TASK = PREFIX + "task:";

    static final String UNFINISHED = PREFIX + "unfinished";
    static final String STOPPING = PREFIX + "stopping";
    static final String INDEXES = PREFIX + "indexes";
    static final String SEQUENCE = PREFIX + "sequence";
    public static final String SCHEDULES = PREFIX + "schedules";
    public static final String SCHEDULED = PREFIX + "scheduled";

    private StateKeys() {}

    static String task(String id) {
        return TASK + id;
    }

    /** The id in a key that {@link #task} made. */
    static String idOf(String taskKey) {
        return taskKey.substring(TASK.length());
    }

    static String files(String id) {
        return task(id) + ":files";
    }

    static String checkpoints(String id) {
        return task(id) + ":checkpoints";
    }

    static String reports(String id) {
        return task(id) + ":reports";
    }

    static String log(String id) {
        return task(id) + ":log";
    }

    static String tasks(String project) {
        return PREFIX + "project:" + project + ":tasks";
    }

    static String names(String project) {
        return PREFIX + "project:" + project + ":names";
    }

    static String unfinishedOfProject(String project) {
        return PREFIX + "project:" + project + ":unfinished";
    }

    static String unfinishedOfTarget(String address) {
        return PREFIX + "target:" + address + ":unfinished";
    }

    static String owner(String owner) {
        return PREFIX + "owner:" + owner;
    }

    static String forgottenBackups(String instance) {
        return PREFIX + "instance:" + instance.toLowerCase(Locale.ROOT) + ":forgotten";
    }

    public static String imported(String instance) {
        return PREFIX + "instance:" + instance.toLowerCase(Locale.ROOT) + ":imported";
    }

    /** @param id project and name of the schedule */
    public static String schedule(String id) {
        return PREFIX + "schedule:" + id;
    }

    public static String scheduler(String owner) {
        return PREFIX + "scheduler:" + owner;
    }
}
