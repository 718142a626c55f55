package org.redisbackup.task;

import org.redisbackup.redis.Target;

/** Where tasks go that are taken over. */
public final class Targets {
    private final Instances instances;

    public Targets(Instances instances) {
        this.instances = instances;
    }

    /**
     * The target of a task that is imported once more.
     *
     * @param password as {@link TaskStore#password} gives it
     * @throws TargetUnavailableException when it is no longer there or wants a password that is lost
     */
    Target again(ImportTask task, String password) throws TargetUnavailableException {
        Instance instance = instances
                .find(task.targetId())
                .orElseThrow(() -> new TargetUnavailableException("The instance " + task.targetId()
                        + " is not registered any more: register it, and create the task again"));
        if (password == null) {
            return instance.target();
        }
        throw new TargetUnavailableException("The service ended before the import did, and the password of the request"
                + " was not kept: create the task again");
    }
}
