package org.example;

import org.apache.camel.dsl.jbang.core.commands.CamelJBangMain;

/** What {@code camel} starts. */
public final class CamelJBang {
    private CamelJBang() {}

    public static void main(String... arguments) {
        CamelJBangMain.run(arguments);
    }
}
