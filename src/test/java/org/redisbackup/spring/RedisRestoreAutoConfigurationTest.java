package org.redisbackup.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.spi.ComponentCustomizer;
import org.junit.jupiter.api.Test;
import org.redisbackup.component.RedisRestoreComponent;
import org.redisbackup.component.RedisRestoreConfiguration;
import org.redisbackup.redis.ConflictPolicy;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

class RedisRestoreAutoConfigurationTest {
    private static RedisRestoreComponent configuredBy(Map<String, Object> properties) {
        try (AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext()) {
            spring.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
            spring.register(RedisRestoreAutoConfiguration.class);
            spring.refresh();
            RedisRestoreComponent component = new RedisRestoreComponent();
            ComponentCustomizer customizer = spring.getBean(ComponentCustomizer.class);
            assertThat(customizer.isEnabled("redis-restore", component)).isTrue();
            customizer.configure("redis-restore", component);
            return component;
        }
    }

    @Test
    void setsWhatThePropertiesSay() {
        RedisRestoreComponent component = configuredBy(Map.of(
                "camel.component.redis-restore.conflict-policy", "skip",
                "camel.component.redis-restore.connectTimeout", "77",
                "camel.component.redis-restore.password", "secret",
                "camel.component.redis-restore.tls", "true",
                "camel.component.redis-restore.lazy-start-producer", "true"));
        RedisRestoreConfiguration options = component.getConfiguration();
        assertThat(options.getConflictPolicy()).isEqualTo(ConflictPolicy.SKIP);
        assertThat(options.getConnectTimeout()).isEqualTo(77);
        assertThat(options.getPassword()).isEqualTo("secret");
        assertThat(options.isTls()).isTrue();
        assertThat(component.isLazyStartProducer()).isTrue();
    }

    @Test
    void leavesDefaultsAlone() {
        RedisRestoreConfiguration options = configuredBy(Map.of()).getConfiguration();
        assertThat(options.getConflictPolicy()).isEqualTo(ConflictPolicy.REPLACE);
        assertThat(options.getConnectTimeout()).isEqualTo(5000);
        assertThat(options.isTls()).isFalse();
    }

    @Test
    void isFoundBySpringBoot() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
                .contains(RedisRestoreAutoConfiguration.class.getName());
    }
}
