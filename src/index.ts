export { AnswersError, type Problem } from './config/problem';
export {
  type Answers,
  answersSchema,
  type Config,
  type EnvironmentAnswers,
  type EnvironmentConfig,
} from './config/schema';
export type { Deployment } from './model/deployment';
export { QuiltMcpDeployProject, type QuiltMcpDeployProjectOptions } from './project/project';
