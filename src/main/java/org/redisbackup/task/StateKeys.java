package org.redisbackup.task;

import java.util.Locale;

/**
 * The keys of the state Redis.
 *
 * <pre>
 * redisbackup:task:ID             hash    task (JSON), status, updated, released, error, owner, attempt; until it has
 *                                         finished also password (sealed), the names of the two sets it counts in, and
 *                                         vain: attempts that began and brought nothing, in a row
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
 * redisbackup:schedule:S          string  {@link ScheduleMemory} (JSON)
 * redisbackup:sequence            counter of tasks
 * </pre>
 */
final class StateKeys {
    private static final String PREFIX = "redisbackup:";
    private static final String TASK = PREFIX + "task:";

    static final String UNFINISHED = PREFIX + "unfinished";
    static final String STOPPING = PREFIX + "stopping";
    static final String SEQUENCE = PREFIX + "sequence";

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

    static String schedule(String name) {
        return PREFIX + "schedule:" + name;
    }
}
