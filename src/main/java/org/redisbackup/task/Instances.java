package org.redisbackup.task;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The servers that tasks may import into because the configuration registers them. Their ids have no case. */
public final class Instances {
    private final Map<String, Instance> byId;

    /** @throws IllegalStateException when two have one id */
    public Instances(Collection<Instance> instances) {
        byId = instances.stream().collect(Collectors.toUnmodifiableMap(each -> key(each.id()), Function.identity()));
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    /** @param id may be null */
    public Optional<Instance> find(String id) {
        return id == null ? Optional.empty() : Optional.ofNullable(byId.get(key(id)));
    }

    /** The instance, unless the project may not use it. */
    public Optional<Instance> find(String project, String id) {
        return find(id).filter(instance -> instance.mayBeUsedBy(project));
    }

    /** All that the project may use, sorted by name. */
    public List<Instance> of(String project) {
        return byId.values().stream()
                .filter(instance -> instance.mayBeUsedBy(project))
                .sorted(Comparator.comparing(Instance::name).thenComparing(Instance::id))
                .toList();
    }
}
