package org.redisbackup.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.redisbackup.task.Instance;
import org.redisbackup.task.InstanceHealth;
import org.redisbackup.task.Instances;
import org.redisbackup.task.TargetHealth;

/**
 * The operations on registered instances, named as in the OpenAPI document. Every method throws {@link ApiException} for
 * a request that is answered with an error.
 */
public final class InstancesApi {
    private final Instances instances;
    private final InstanceHealth health;

    public InstancesApi(Instances instances, InstanceHealth health) {
        this.instances = instances;
        this.health = health;
    }

    /**
     * ListInstances, sorted by name.
     *
     * @param query as in the URL, or null; filters of the contract that mean nothing here are ignored
     */
    public ListInstancesResponse list(String project, String query) {
        QueryParameters wanted = new QueryParameters(query);
        String status = wanted.text("status");
        int offset = wanted.offset();
        int limit = wanted.limit();
        Predicate<Instance> filter = filter(wanted);
        List<InstanceView> matching = views(
                        instances.of(project).stream().filter(filter).toList())
                .stream()
                .filter(view -> status == null || view.status().equalsIgnoreCase(status))
                .toList();
        return new ListInstancesResponse(
                matching.size(), matching.stream().skip(offset).limit(limit).toList());
    }

    private static Predicate<Instance> filter(QueryParameters wanted) {
        String id = wanted.text("instance_id");
        String name = wanted.text("name");
        String ip = wanted.text("ip");
        boolean whole = "true".equalsIgnoreCase(wanted.text("name_equal"));
        return instance -> (id == null || instance.id().equalsIgnoreCase(id))
                && (ip == null || instance.host().contains(ip))
                && (name == null || (whole ? instance.name().equals(name) : contains(instance.name(), name)));
    }

    private static boolean contains(String name, String part) {
        return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private List<InstanceView> views(List<Instance> some) {
        List<TargetHealth> states = health.of(some);
        List<InstanceView> views = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            views.add(InstanceView.of(some.get(i), states.get(i)));
        }
        return views;
    }

    /** ShowInstance. */
    public InstanceView show(String project, String instanceId) {
        Instance instance = instances
                .find(project, Identifiers.uuid(instanceId))
                .orElseThrow(() -> new ApiException(ErrorCode.UNKNOWN_INSTANCE));
        return views(List.of(instance)).get(0);
    }
}
