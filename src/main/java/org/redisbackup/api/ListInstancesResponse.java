package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Answer of ListInstances.
 *
 * @param number of all instances that match, not only of this page
 */
record ListInstancesResponse(
        @JsonProperty("instance_num") int number, @JsonProperty("instances") List<InstanceView> instances) {}
