package org.redisbackup.app;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Gives the routes of {@code routes/} what they name, wherever Camel loads them: {@code routes/service.camel.yaml} declares
 * it. The configuration is the bean {@value #SETTINGS}, or what {@link Main} reads. It begins and ends with the context.
 */
public final class ServiceConfiguration extends LifecycleStrategySupport implements CamelContextAware, AutoCloseable {
    static final String NAME = "serviceConfiguration";
    static final String SETTINGS = "settings";
    private static final String PLACEHOLDERS = "serviceProperties";

    private CamelContext context;
    private ServiceBeans beans;

    /**
     * To be called before Camel configures its components and its HTTP server.
     *
     * @throws ConfigurationException when the service can't run like this
     * @throws IOException when {@code application.properties} can't be read
     */
    public void prepare() throws IOException {
        beans = new ServiceBeans(context, settings());
        beans.bindServer();
    }

    private Settings settings() throws IOException {
        Settings given = context.getRegistry().lookupByNameAndType(SETTINGS, Settings.class);
        if (given != null) {
            return given;
        }
        Settings read = Settings.load(Path.of(Main.PROPERTIES), System.getenv(), System.getProperties())
                .withDefaults(ServiceBeans.DEFAULTS);
        context.getRegistry().bind(PLACEHOLDERS, read.asProperties());
        context.getPropertiesComponent().addLocation("ref:" + PLACEHOLDERS);
        return read;
    }

    /** @throws ConfigurationException when there can be no S3 client */
    @Override
    public void onContextInitializing(CamelContext context) {
        beans.bind();
    }

    @Override
    public void onContextStarted(CamelContext context) {
        beans.completeServer();
    }

    @Override
    public void onContextStopping(CamelContext context) {
        beans.breakOff();
    }

    @Override
    public void onContextStopped(CamelContext context) {
        close();
    }

    /** For a context that never started; otherwise it is closed with it. */
    @Override
    public void close() {
        if (beans != null) {
            beans.close();
            beans = null;
        }
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
