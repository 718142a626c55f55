package org.redisbackup.app;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Gives the routes of {@code routes/} what they name, wherever Camel loads them: {@code routes/service.camel.yaml} declares
 * it. The configuration is the bean {@value #SETTINGS}, or what {@link Main} reads.
 */
public final class ServiceConfiguration implements CamelContextAware {
    static final String SETTINGS = "settings";
    private static final String BEANS = "serviceBeans";

    private CamelContext context;

    /**
     * To be called before Camel configures its components and its HTTP server. Camel may do so more than once, as it reads a
     * file for its beans first and then for its routes.
     *
     * @throws ConfigurationException when the service can't run like this
     * @throws IOException when {@code application.properties} can't be read
     */
    public void prepare() throws IOException {
        if (beansOf(context) == null) {
            ServiceBeans beans = new ServiceBeans(context, settings());
            // as a bean it is told of the life of the context
            context.getRegistry().bind(BEANS, beans);
            beans.bindServer();
        }
    }

    /** What was prepared for the context, or null. */
    static ServiceBeans beansOf(CamelContext context) {
        return context.getRegistry().lookupByNameAndType(BEANS, ServiceBeans.class);
    }

    private Settings settings() throws IOException {
        Settings given = context.getRegistry().lookupByNameAndType(SETTINGS, Settings.class);
        if (given != null) {
            return given;
        }
        Settings read = Settings.load(Path.of(Main.PROPERTIES), System.getenv(), System.getProperties())
                .withDefaults(ServiceBeans.DEFAULTS);
        context.getPropertiesComponent().addPropertiesSource(new SettingsSource(read));
        return read;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }
}
