package bourse.sandbox.child;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import run.endive.compiler.internal.ClassLoadingCollector;

/// The classes that a program is compiled to, without the engine's question, on each turn of each loop, whether
/// the thread is interrupted: here the whole process is killed. A program with tight loops gains a fifth.
final class Classes extends ClassLoadingCollector {
    @Override
    public byte[] resolve(Class<?> type) {
        var file = ClassFile.of();
        return file.transformClass(
                file.parse(super.resolve(type)),
                ClassTransform.transformingMethods(
                        method -> method.methodName().equalsString("checkInterruption"), (builder, element) -> {
                            if (element instanceof CodeModel) {
                                builder.withCode(CodeBuilder::return_);
                            } else {
                                builder.with(element);
                            }
                        }));
    }
}
