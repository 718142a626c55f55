package org.redisbackup.task;

import java.util.Optional;
import org.redisbackup.redis.Target;

/** Where tasks go: registered instances, and servers at addresses that are allowed. */
public final class Targets {
    private final Instances instances;
    private final AllowedTargets allowed;
    private final PasswordSeal seal;

    public Targets(Instances instances, AllowedTargets allowed, PasswordSeal seal) {
        this.instances = instances;
        this.allowed = allowed;
        this.seal = seal;
    }

    /**
     * What a request means. A registered instance counts, whatever address comes with its id.
     *
     * @param id may be null or unknown
     * @param address {@code host:port}, or null
     * @return empty when the project has no such instance and no address is given
     * @throws AddressRefusedException when the address is not allowed
     */
    public Optional<Instance> find(String project, String id, String address) throws AddressRefusedException {
        Optional<Instance> registered = instances.find(project, id);
        if (registered.isPresent() || address == null) {
            return registered;
        }
        return Optional.of(Instance.at(id, address, allowed.resolve(address)));
    }

    /**
     * The target of a task that is imported once more.
     *
     * @param sealed as {@link TaskStore#password} gives it
     * @throws TargetUnavailableException when it is no longer there or wants a password that is lost
     */
    Target again(ImportTask task, String sealed) throws TargetUnavailableException {
        Instance instance = find(task);
        if (sealed == null) {
            return instance.target();
        }
        return instance.target()
                .withPassword(seal.open(task.id(), sealed)
                        .orElseThrow(() -> new TargetUnavailableException(
                                "The service ended before the import did, and the password of the request was not kept"
                                        + " (redisbackup.secrets.key is missing, or another one): create the task"
                                        + " again")));
    }

    private Instance find(ImportTask task) throws TargetUnavailableException {
        try {
            return find(task.project(), task.targetId(), task.targetAddress())
                    .orElseThrow(() -> new TargetUnavailableException("The instance " + task.targetId()
                            + " is not registered any more: register it, and create the task again"));
        } catch (AddressRefusedException e) {
            throw new TargetUnavailableException("The target can't be reached any more: " + e.getMessage());
        }
    }
}
