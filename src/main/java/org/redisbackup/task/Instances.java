package org.redisbackup.task;

import java.util.Map;
import java.util.Optional;

/** The servers that tasks may import into, by id. */
public final class Instances {
    private final Map<String, Instance> byId;

    public Instances(Map<String, Instance> byId) {
        this.byId = Map.copyOf(byId);
    }

    public Optional<Instance> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }
}
