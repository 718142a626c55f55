package org.redisbackup.app;

import java.util.Properties;
import java.util.function.Predicate;
import org.apache.camel.spi.LoadablePropertiesSource;

/** The settings for a Camel that was not started with them: for placeholders in routes, and to configure itself. */
final class SettingsSource implements LoadablePropertiesSource {
    private final Settings settings;

    SettingsSource(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String getName() {
        return "redisbackup";
    }

    @Override
    public String getProperty(String name) {
        return settings.get(name);
    }

    @Override
    public Properties loadProperties() {
        return settings.asProperties();
    }

    @Override
    public Properties loadProperties(Predicate<String> filter) {
        Properties all = settings.asProperties();
        all.keySet().removeIf(name -> !filter.test((String) name));
        return all;
    }

    /** What is set at the start holds until the end. */
    @Override
    public void reloadProperties(String location) {}
}
