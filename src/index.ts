export type { EnvironmentAnswers, EnvironmentConfig } from './config/environment';
export { AnswersError, type Problem } from './config/problem';
export { type Answers, answersSchema, type Config } from './config/repository';
export type { Deployment } from './model/deployment';
export { QuiltMcpDeployProject, type QuiltMcpDeployProjectOptions } from './project/project';
