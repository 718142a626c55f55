package org.redisbackup.task;

/**
 * How many tasks may be unfinished, waiting or running, in all instances of the service together.
 *
 * @param perTarget of one server; 1 unless several imports into it at once are wanted
 * @param perProject of one project
 * @param all together
 */
public record TaskLimits(int perTarget, int perProject, int all) {
    /** What holds unless the configuration says otherwise. */
    public static final TaskLimits STANDARD = new TaskLimits(1, 100, 1000);

    TaskLimitException exceeded(TaskLimitException.Limit limit, ImportTask task, String address) {
        return new TaskLimitException(
                limit,
                switch (limit) {
                    case TARGET ->
                        perTarget + " import(s) into " + address
                                + " have not finished, and no more are allowed at once; wait, or stop them";
                    case PROJECT ->
                        perProject + " tasks of project " + task.project()
                                + " have not finished, and no more are allowed at once";
                    case SERVICE -> all + " tasks have not finished, and no more are allowed at once";
                });
    }
}
