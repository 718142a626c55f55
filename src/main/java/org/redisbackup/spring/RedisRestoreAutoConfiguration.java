package org.redisbackup.spring;

import org.apache.camel.spi.ComponentCustomizer;
import org.redisbackup.component.RedisRestoreComponent;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Makes {@code camel.component.redis-restore.*} work under Spring Boot, which asks every component for a configuration
 * of its own; Camel Main and Quarkus need none.
 */
@AutoConfiguration
@ConditionalOnClass(ComponentCustomizer.class)
public class RedisRestoreAutoConfiguration {
    private static final String PROPERTIES = "camel.component.redis-restore";

    @Bean
    ComponentCustomizer redisRestoreProperties(Environment environment) {
        return ComponentCustomizer.builder(RedisRestoreComponent.class).build(component -> {
            Binder binder = Binder.get(environment);
            binder.bind(PROPERTIES, Bindable.ofInstance(component));
            binder.bind(PROPERTIES, Bindable.ofInstance(component.getConfiguration()));
        });
    }
}
